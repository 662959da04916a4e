export {
  type EcmSettings,
  ownName,
  pluginSecrets,
  readSettings,
  SiteUrl,
  secretsIn,
  writeSettings,
} from './ecm-settings.ts';
export { type Entered, type FormField, formOf, secretPaths, valueAt, withValue } from './form.ts';
