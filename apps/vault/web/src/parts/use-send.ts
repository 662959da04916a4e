export { useSend } from '@gatehouse/ui';
