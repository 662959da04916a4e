export { Paging } from '@gatehouse/ui';
