import type { Sign } from '@verdict/contracts';

/** Builds a sign: active when there is a value and it lies above the border. */
export function signOf(sign: Omit<Sign, 'active'>): Sign {
  return { ...sign, active: sign.value !== null && sign.value > sign.border };
}
