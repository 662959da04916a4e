export { useParam, usePlace } from '@gatehouse/ui';
