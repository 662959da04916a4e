export {
  type EcmSettings,
  ownName,
  type PluginSettings,
  pluginSecrets,
  readSettings,
  SiteUrl,
  secretsIn,
  settingsFile,
  writeSettings,
} from './ecm-settings.ts';
export { type Entered, type FormField, formOf, secretPaths, valueAt, withValue } from './form.ts';
