export { migrations } from './migrations.ts';
export { putNotice, said, timeOf } from './put-notice.ts';
export { tellOfBegin, tellOfEnd } from './sessions.ts';
