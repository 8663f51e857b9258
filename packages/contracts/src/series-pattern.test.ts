import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeriesPattern, seriesAssigner } from './series-pattern.ts';

const assign = seriesAssigner([
  { name: 'default', series: ['**'] },
  { name: 'shop', series: ['shop/**'] },
  { name: 'cart', series: ['shop/cart', 'shop/cart-*'] },
  { name: 'host', series: ['host/*'] },
]);

test('the most specific pattern wins', () => {
  assert.equal(assign('shop/cart'), 'cart');
  assert.equal(assign('shop/cart-2'), 'cart');
  assert.equal(assign('shop/checkout/eu'), 'shop');
  assert.equal(assign('anything/else'), 'default');
});

test('one star stays within a segment', () => {
  assert.equal(assign('host/a'), 'host');
  assert.equal(assign('host/a/b'), 'default');
});

test('a series that no model wants has no model', () => {
  assert.equal(seriesAssigner([{ name: 'shop', series: ['shop/**'] }])('bank/a'), null);
});

test('dots in patterns are literal and a double star is refused anywhere but at the end', () => {
  assert.equal(seriesAssigner([{ name: 'a', series: ['x.y'] }])('xzy'), null);
  assert.equal(SeriesPattern.safeParse('a/**/b').success, false);
  assert.equal(SeriesPattern.safeParse('a**').success, false);
  assert.equal(SeriesPattern.safeParse('a/**').success, true);
  assert.equal(SeriesPattern.safeParse('**').success, true);
});

test('many patterns give what few of them give', () => {
  const others = Array.from({ length: 20 }, (_, at) => ({ name: `other-${at}`, series: [`other/${at}/**`] }));
  const shop = [
    { name: 'shop', series: ['shop/**'] },
    { name: 'cart', series: ['shop/cart-*'] },
  ];
  const [few, many] = [seriesAssigner(shop), seriesAssigner([...others, ...shop])];
  for (const series of ['shop/a', 'shop/cart-1', 'bank/a', 'shop/a', 'bank/a'])
    assert.equal(many(series), few(series));
  assert.equal(many('other/7/x'), 'other-7');
});
