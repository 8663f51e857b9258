import { lazy } from 'react';

/** The chart library is fetched when the first chart is drawn. */
export const TrustChart = lazy(() => import('./trust-chart.tsx'));
export const ComparisonChart = lazy(() => import('./comparison-chart.tsx'));
