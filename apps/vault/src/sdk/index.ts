export { migrations } from './migrations.ts';
export { sdkPath, serveSdk } from './routes.ts';
