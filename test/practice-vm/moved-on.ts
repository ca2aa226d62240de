import {type Place, replaceIn} from './practice.ts';

/** The suite's compiler has moved ahead of its kernel, as far as the suite's packages say. */
export const moveCompilerOn = (at: Place): void =>
	replaceIn(
		at,
		'apt-cache',
		`apt-cache.real "$@" | sed '/^Package: rustc$/,/^$/s/^Version: .*/Version: 9.99.9+dfsg1-1/'`
	);
