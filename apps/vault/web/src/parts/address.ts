export { useParam, usePlace, useQuery } from '@gatehouse/ui';
