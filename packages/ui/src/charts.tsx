import { Area, Bar, CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import classes from './charts.module.css';
import { formatDay, formatNumber, formatShort } from './format.ts';

export interface ChartSeries {
  /** Property of each point. */
  readonly name: string;
  readonly title: string;
  /** A CSS colour, usually a variable of the theme. */
  readonly color: string;
}

interface DaysChartProps {
  /** What the chart shows, in one sentence, for those who cannot see it. */
  label: string;
  /** Points with an ISO `day` and a number by the name of every series. */
  points: readonly Readonly<Record<string, string | number>>[];
  /** Bottom of the stack first. */
  series: readonly ChartSeries[];
  height?: number;
}

/** A line needs a week to say anything; before that every day is a bar. */
const fewDays = 7;

/** Numbers by day, stacked. The same numbers are below it as a table for screen readers. */
export function DaysChart({ label, points, series, height = 220 }: DaysChartProps) {
  return (
    <figure className={classes.figure} aria-label={label}>
      <div aria-hidden="true" style={{ height }}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            accessibilityLayer={false}
            data={[...points]}
            margin={{ top: 6, right: 8, bottom: 0, left: -8 }}
          >
            <CartesianGrid vertical={false} stroke="var(--gh-line)" />
            <XAxis
              dataKey="day"
              tickFormatter={formatDay}
              tickLine={false}
              axisLine={{ stroke: 'var(--gh-line)' }}
              tick={tick}
              minTickGap={40}
            />
            <YAxis
              tickFormatter={formatShort}
              tickLine={false}
              axisLine={false}
              tick={tick}
              width={46}
              allowDecimals={false}
            />
            <Tooltip content={<DayTip series={series} />} cursor={{ stroke: 'var(--gh-line-strong)' }} />
            {series.map(({ name, color }) =>
              points.length < fewDays ? (
                <Bar key={name} dataKey={name} stackId="all" fill={color} maxBarSize={44} isAnimationActive={false} />
              ) : (
                <Area
                  key={name}
                  dataKey={name}
                  stackId="all"
                  type="monotone"
                  stroke={color}
                  strokeWidth={1.5}
                  fill={color}
                  fillOpacity={0.32}
                  isAnimationActive={false}
                />
              ),
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <figcaption className={classes.legend}>
        {series.toReversed().map(({ name, title, color }) => (
          <span key={name}>
            <i style={{ background: color }} /> {title}
          </span>
        ))}
      </figcaption>
      <table className={classes.hidden}>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {series.map(({ name, title }) => (
              <th key={name} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={String(point.day)}>
              <th scope="row">{String(point.day)}</th>
              {series.map(({ name }) => (
                <td key={name}>{point[name]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

const tick = { fill: 'var(--mantine-color-dimmed)', fontSize: 11 };

interface DayTipProps {
  series: readonly ChartSeries[];
  active?: boolean;
  label?: string | number;
  payload?: readonly { readonly name?: unknown; readonly value?: unknown }[];
}

function DayTip({ series, active, label, payload }: DayTipProps) {
  if (!active || payload === undefined) return null;
  return (
    <div className={classes.tip}>
      <b>{formatDay(String(label))}</b>
      {series.toReversed().map(({ name, title, color }) => (
        <span key={name}>
          <i style={{ background: color }} /> {title}
          <em>{formatNumber(Number(payload.find((one) => one.name === name)?.value ?? 0))}</em>
        </span>
      ))}
    </div>
  );
}
