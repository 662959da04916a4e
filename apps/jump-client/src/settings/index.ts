export { Allowances, notAllowed, startFolder } from './allowances.ts';
export {
  fileOf,
  forgetKey,
  type JumpClientSettings,
  ours,
  readSettings,
  SiteUrl,
  type SiteWay,
  wayTo,
  writeSettings,
} from './jump-client-settings.ts';
