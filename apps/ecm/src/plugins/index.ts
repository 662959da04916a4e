export { type Found, findPlugins, type Plugins, pluginFolder, type Unusable } from './find-plugins.ts';
