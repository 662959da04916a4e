export {
  type EcmSettings,
  ownName,
  ProxyUrl,
  pluginSecrets,
  readSettings,
  SiteUrl,
  secretsIn,
  wayTo,
  writeSettings,
} from './ecm-settings.ts';
export { type Entered, type FormField, formOf, secretPaths, valueAt, withValue } from './form.ts';
