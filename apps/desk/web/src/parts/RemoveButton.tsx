export { RemoveButton } from '@gatehouse/ui';
