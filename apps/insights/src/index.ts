export { type Insights, type InsightsOptions, startInsights } from './start.ts';
