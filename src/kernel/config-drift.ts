import type {Config} from './config.ts';

/** An option that two configurations of one kernel do not agree on; `n` where it is not set. */
export type Drift = {readonly option: string; readonly kernel: string; readonly headers: string};

/**
 * Set while packages are made: the configuration that is installed beside a kernel lacks them, that of its headers has them
 * (Debian's linux 7.2.13). None of them changes what is compiled.
 */
const ofPackaging = /^CONFIG_(?:BUILD_SALT|LOCALVERSION|MODULE_SIG_ALL|MODULE_SIG_KEY|SYSTEM_TRUSTED_KEYS)$/;

/** Which options differ between the configuration of a kernel and that of the headers that are to be its own. */
export function configDrift(kernel: Config, headers: Config): readonly Drift[] {
	const names = new Set([...kernel.options.keys(), ...headers.options.keys()]);
	const value = (config: Config, name: string): string => config.options.get(name) ?? 'n';
	return [...names]
		.filter(name => value(kernel, name) !== value(headers, name) && !ofPackaging.test(name))
		.sort()
		.map(option => ({option, kernel: value(kernel, option), headers: value(headers, option)}));
}
