import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/**
 * Keeps an element at least as high as it has been, so that what follows does not jump when its text gets shorter.
 * Another width begins anew.
 */
export function useKeptHeight<E extends HTMLElement>(): [RefObject<E | null>, { minHeight?: number }] {
  const ref = useRef<E>(null);
  const [kept, setKept] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = () => {
      const { offsetWidth: width, offsetHeight: height } = element;
      setKept((known) => {
        if (known.width !== width) return { width, height: 0 };
        return height > known.height ? { width, height } : known;
      });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // With another width the height kept before is let go first, and what it is without it is measured then.
  useLayoutEffect(() => {
    const height = ref.current?.offsetHeight ?? 0;
    setKept((known) => (known.width === kept.width && known.height === 0 ? { ...known, height } : known));
  }, [kept.width]);
  return [ref, kept.height === 0 ? {} : { minHeight: kept.height }];
}
