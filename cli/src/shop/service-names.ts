const names = [
  'cart',
  'checkout',
  'catalog',
  'search',
  'payment',
  'shipping',
  'inventory',
  'pricing',
  'recommendations',
  'reviews',
  'accounts',
  'login',
  'orders',
  'invoices',
  'returns',
  'warehouse',
  'images',
  'notifications',
  'email',
  'coupons',
  'wishlist',
  'fraud-check',
  'frontend',
  'api-gateway',
];

/** Series key of the shop's service at `index`: `shop/cart`, …, and from the 25th on `shop/cart-2`, …. */
export function serviceSeries(index: number): string {
  const name = names[index % names.length];
  const round = Math.floor(index / names.length);
  return round === 0 ? `shop/${name}` : `shop/${name}-${round + 1}`;
}
