export { openDialogue } from './dialogue.ts';
export { install, installationKey, serverQuestion, sourceQuestion } from './install.ts';
export { permissionLines, tryPermissions } from './permissions.ts';
export { flagOf, questionsOf, variableOf } from './questions.ts';
export { startAtBoot } from './start-at-boot.ts';
export { removeUnit } from './systemd.ts';
