export { createConfigurator, openConfiguratorLog, pluginById } from './configurator.ts';
export { openStored } from './draft.ts';
export { servePage } from './page/serve-page.ts';
export { accountQuestions, configureInTerminal } from './terminal.ts';
export { testConnection } from './test-connection.ts';
export { testSettings } from './test-settings.ts';
