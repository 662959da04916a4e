export { migrations } from './migrations.ts';
export { putNotice } from './put-notice.ts';
export { tellOfBegin, tellOfEnd } from './sessions.ts';
