import {describe, expect, it} from 'vitest';
import {isOn, option, parseConfig} from '../../src/kernel/config.ts';
import {configOf, fixtureConfig, fixtureText} from './fixtures.ts';
import {damagedTexts} from './mutations.ts';

describe('real configurations', () => {
	it.each([
		['kernels/debian-6.1.192.config.gz', '6.1.192', 'gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0'],
		['kernels/debian-6.12.117-cloud.config.gz', '6.12.117', 'x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0'],
		['kernels/debian-6.12.117.auto.conf.gz', '6.12.117', 'x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0'],
		['kernels/debian-7.2.13-cloud.config.gz', '7.2.13', 'x86_64-linux-gnu-gcc-16 (Debian 16.2.0-4) 16.2.0'],
		['kernels/debian-7.3-rc7.auto.conf.gz', '7.3.0-rc7', 'x86_64-linux-gnu-gcc-16 (Debian 16.2.0-3) 16.2.0'],
		['kernels/debian-7.3.4.headers-config.gz', '7.3.4', 'x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0'],
		['kernels/lab-6.12/config', '6.12.117', 'Debian clang version 19.1.7 (3+b1)'],
		['kernels/lab-6.12/auto.conf', '6.12.117', 'Debian clang version 19.1.7 (3+b1)']
	])('%s', (path, kernel, compiler) => {
		const config = fixtureConfig(path);
		expect(config.kernel).toBe(kernel);
		expect(option(config, 'CONFIG_CC_VERSION_TEXT')).toBe(compiler);
	});

	it('has as many options as the file has lines for them', () => {
		const text = fixtureText('kernels/debian-6.1.192.config.gz');
		const lines = text.split('\n').filter(line => /^CONFIG_|^# CONFIG_\w+ is not set$/.test(line));
		expect(fixtureConfig('kernels/debian-6.1.192.config.gz').options.size).toBe(lines.length);
		expect(lines.length).toBeGreaterThan(8000);
	});

	it('tells expressly unset from not mentioned', () => {
		const config = fixtureConfig('kernels/debian-7.2.13-cloud.config.gz');
		expect(option(config, 'CONFIG_MODVERSIONS')).toBe('n');
		expect(option(config, 'CONFIG_GCC_PLUGINS')).toBeUndefined();
		expect(isOn(config, 'CONFIG_MODVERSIONS')).toBe(false);
		expect(isOn(config, 'CONFIG_RUST')).toBe(true);
	});
});

describe('one option is found in the text as it is among all', () => {
	const names = ['RUST', 'MODVERSIONS', 'CC_VERSION_TEXT', 'CC_IS_CLANG', 'GCC_PLUGINS', 'BUILD_SALT', 'A', ''];
	const differing = (text: string): readonly string[] => {
		const [one, other] = [parseConfig(text), parseConfig(text)];
		if (!one.ok || !other.ok) return [];
		return names.map(name => `CONFIG_${name}`).filter(name => one.config.find(name) !== other.config.options.get(name));
	};

	it.each(['kernels/debian-6.1.192.config.gz', 'kernels/debian-7.2.13-cloud.config.gz', 'kernels/lab-6.12/config'])(
		'%s',
		path => {
			const text = fixtureText(path);
			expect(differing(text)).toEqual([]);
			const {config} = parseConfig(text) as Extract<ReturnType<typeof parseConfig>, {ok: true}>;
			for (const [name, value] of [...config.options].slice(0, 400)) expect(option(config, name)).toBe(value);
		}
	);

	it('in a damaged configuration too', () => {
		for (const text of damagedTexts(fixtureText('kernels/lab-6.12/config'), 100)) expect(differing(text)).toEqual([]);
	});

	it('the last of two wins, and the beginning of another name is no name', () => {
		const lines = (text: string): string => `${text}\n${'CONFIG_FILLS=y\n'.repeat(300)}`;
		const find = (text: string): string | undefined => configOf(lines(text)).find('CONFIG_A');
		expect(find('CONFIG_A=y\n# CONFIG_A is not set')).toBe('n');
		expect(find('# CONFIG_A is not set\r\nCONFIG_A="x"\r')).toBe('x');
		expect(find('CONFIG_A=m\nCONFIG_A=y')).toBe('y');
		expect(find('CONFIG_AB=y\n# CONFIG_A is not set here\n# CONFIG_AB is not set')).toBeUndefined();
	});
});

describe('parseConfig', () => {
	it('unquotes and unescapes strings', () => {
		const config = configOf(
			'CONFIG_A="two words"\nCONFIG_B="a \\"quoted\\" \\\\ word"\nCONFIG_C=""\nCONFIG_D=0x1f\nCONFIG_E=m\n'
		);
		expect([...config.options]).toEqual([
			['CONFIG_A', 'two words'],
			['CONFIG_B', 'a "quoted" \\ word'],
			['CONFIG_C', ''],
			['CONFIG_D', '0x1f'],
			['CONFIG_E', 'm']
		]);
		expect(isOn(config, 'CONFIG_E')).toBe(true);
		expect(config.kernel).toBeUndefined();
	});

	it('reads lines that end in CR LF, and lets the last of two win', () => {
		const config = configOf('# CONFIG_RUST is not set\r\nCONFIG_RUST=y\r\nCONFIG_NAME="x"\r\n');
		expect(option(config, 'CONFIG_RUST')).toBe('y');
		expect(option(config, 'CONFIG_NAME')).toBe('x');
	});

	it('takes a version only from the header', () => {
		const late = `${'CONFIG_A=y\n'.repeat(30)}# Linux/x86 6.1.0 Kernel Configuration\n`;
		expect(configOf(late).kernel).toBeUndefined();
	});

	it.each([
		['', /empty/],
		['\n\n', /empty/],
		['<!doctype html>\n<title>404</title>\n', /not a kernel configuration/],
		['#!/bin/sh\nset -e\nif true; then\nCONFIG_A=y\nfi\n', /not a kernel configuration/],
		['CONFIG_=y\nCONFIG A=y\n', /not a kernel configuration/]
	])('refuses %j', (text, why) => {
		const parsed = parseConfig(text);
		expect(parsed).toEqual({ok: false, why: expect.stringMatching(why)});
	});

	it('takes any damaged configuration, quickly', () => {
		const original = fixtureText('kernels/lab-6.12/config');
		const start = performance.now();
		for (const text of damagedTexts(original, 300)) {
			const parsed = parseConfig(text);
			if (parsed.ok) expect([...parsed.config.options.keys()].every(name => /^CONFIG_\w+$/.test(name))).toBe(true);
			else expect(parsed.why).toMatch(/\.$/);
		}
		for (const hostile of [
			'CONFIG_A="'.repeat(50_000),
			`CONFIG_A="${'\\'.repeat(500_000)}"`,
			`# ${'CONFIG_A '.repeat(50_000)}`
		])
			parseConfig(hostile);
		expect(performance.now() - start).toBeLessThan(5000);
	});
});
