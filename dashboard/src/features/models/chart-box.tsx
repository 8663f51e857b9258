import type { ReactNode } from 'react';
import chart from '../../components/charts/chart.module.css';
import { useWidth } from '../../components/charts/use-width.ts';

/** A chart with its caption; the drawing is told its width in pixels once that is known. */
export function ChartBox(props: {
  name: string;
  /** The whole in a sentence, for those who cannot see it. */
  label: string;
  legend?: ReactNode;
  height: number;
  children: (widthPx: number) => ReactNode;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  return (
    <figure className={chart.figure} aria-label={props.label}>
      <figcaption className={chart.caption}>
        <span className={chart.name}>{props.name}</span>
        {props.legend !== undefined && <span className={chart.legend}>{props.legend}</span>}
      </figcaption>
      <div ref={ref} className={chart.plot} style={{ height: props.height }}>
        {width > 0 && props.children(width)}
      </div>
    </figure>
  );
}
