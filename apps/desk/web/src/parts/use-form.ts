export { useForm } from '@gatehouse/ui';
