import {expect, test} from 'vitest';
import {type Config, parseConfig} from '../../src/kernel/config.ts';
import {configDrift} from '../../src/kernel/config-drift.ts';
import {configs} from '../support/sysroot.ts';

function config(text: string): Config {
	const parsed = parseConfig(text);
	if (!parsed.ok) throw new Error(parsed.why);
	return parsed.config;
}

test('what is not set and what is left out are the same, as in auto.conf', () => {
	expect(configDrift(config(configs.rustOn612), config(configs.rustOn612Auto))).toEqual([]);
});

test('what packaging adds to the headers is no difference', () => {
	const own = 'CONFIG_RUST=y\n';
	const packaged = `${own}CONFIG_BUILD_SALT="7.2.13+deb14-amd64"\nCONFIG_MODULE_SIG_ALL=y\nCONFIG_MODULE_SIG_KEY="output/signing_key.pem"\nCONFIG_SYSTEM_TRUSTED_KEYS=""\n`;
	expect(configDrift(config(own), config(packaged))).toEqual([]);
});

test('another value, one more and one less are named', () => {
	expect(
		configDrift(
			config('CONFIG_A=y\nCONFIG_B=y\n# CONFIG_C is not set\nCONFIG_HZ=250\n'),
			config('CONFIG_A=m\nCONFIG_C=y\nCONFIG_HZ=250\n')
		)
	).toEqual([
		{option: 'CONFIG_A', kernel: 'y', headers: 'm'},
		{option: 'CONFIG_B', kernel: 'y', headers: 'n'},
		{option: 'CONFIG_C', kernel: 'n', headers: 'y'}
	]);
});
