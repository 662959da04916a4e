export { ShownOnce } from '@gatehouse/ui';
