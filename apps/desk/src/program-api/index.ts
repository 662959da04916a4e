export { serveProgramApi } from './routes.ts';
