const paths = {
  inbox: 'M2.5 9.5h3l1 2h3l1-2h3M4 3h8l2 6.5V13H2V9.5z',
  series: 'M1.5 9h3L6.5 3l3 10 2-6 1 2h2',
  models: 'M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.7 5 8 8.1 13.3 5M8 8.1v6',
  rollout: 'M2 13.5h3.5V10H9V6.5h3.5V3H14',
  coverage: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  false: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M4 12 12 4',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H7',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4 13.5 13.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  back: 'M10 3 5 8l5 5',
  forward: 'M6 3l5 5-5 5',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1',
  person: 'M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M2.8 13.8c.6-2.7 2.7-4 5.2-4s4.6 1.3 5.2 4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  open: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11',
  quiet: 'M8 2.2c2.3 0 3.8 1.6 3.8 4v2.6l1.2 2.2H3l1.2-2.2V6.2c0-2.4 1.5-4 3.8-4M6.6 13.2h2.8M2.5 2.5l11 11',
  flag: 'M4 14V2.5M4 3h8l-1.8 2.8L12 8.5H4',
  comment: 'M2.5 3h11v8h-6l-3 2.5V11h-2z',
} as const;

export type IconName = keyof typeof paths;

/** A small line drawing beside a word; it never stands for the word alone. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === 'more' ? 2.4 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
