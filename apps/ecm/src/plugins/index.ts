export { findPlugins, type Plugins, pluginFolder } from './find-plugins.ts';
