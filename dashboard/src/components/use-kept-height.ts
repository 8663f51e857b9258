import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the place of an element as high as the element has been, so that what follows does not jump when its text gets
 * shorter. Another width begins anew. The element must fill a block of its own: that block's `min-height` is set.
 */
export function useKeptHeight<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    const place = element?.parentElement;
    if (element === null || !place) return;
    let kept = { width: 0, height: 0 };
    const look = () => {
      const { offsetWidth: width, offsetHeight: height } = element;
      if (width === kept.width && height <= kept.height) return;
      kept = { width, height };
      place.style.minHeight = `${height}px`;
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return ref;
}
