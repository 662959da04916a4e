import { DaysChart } from '@gatehouse/ui/charts';
import type { Dashboard } from '../api/types.ts';

const series = [
  { name: 'low', title: 'Low', color: 'var(--gh-chart-low)' },
  { name: 'medium', title: 'Medium', color: 'var(--gh-chart-medium)' },
  { name: 'high', title: 'High', color: 'var(--gh-chart-high)' },
  { name: 'critical', title: 'Critical', color: 'var(--gh-chart-critical)' },
] as const;

export function SeverityChart({ days }: { days: Dashboard['findingsOverTime'] }) {
  return <DaysChart label="Open findings by day and severity" points={days} series={series} />;
}
