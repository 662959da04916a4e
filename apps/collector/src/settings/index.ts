export {
  type CollectorSettings,
  readSettings,
  ServerUrl,
  type SourceSettings,
  secretsIn,
  writeSettings,
} from './collector-settings.ts';
