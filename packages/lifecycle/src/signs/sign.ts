/** The four ways in which a model shows, without anybody's verdict, that it no longer fits. */
export const signNames = ['calibration', 'alarm-rate', 'drift', 'input-drift'] as const;
export type SignName = (typeof signNames)[number];

/** What one of them says now. */
export interface Sign {
  readonly name: SignName;
  /** The figure that is watched; null while there is too little to say. */
  readonly value: number | null;
  /** `active` is a value above this. */
  readonly border: number;
  readonly active: boolean;
  /** What was measured, in words and numbers. */
  readonly text: string;
}

/** Builds a sign: active when there is a value and it lies above the border. */
export function signOf(sign: Omit<Sign, 'active'>): Sign {
  return { ...sign, active: sign.value !== null && sign.value > sign.border };
}
