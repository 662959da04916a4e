import about from '../package.json' with { type: 'json' };

/** Of this program, as three numbers. */
export const { version } = about;
