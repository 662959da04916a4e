export { StepsTest } from '@gatehouse/ui';
