import {describe, expect, it} from 'vitest';
import {atLeast, compareVersions, formatVersion, parseVersion, type Version} from '../../src/kernel/version.ts';
import {damagedTexts} from './mutations.ts';

describe('parseVersion', () => {
	it.each([
		['6.12.117-arch1-1-rust', [6, 12, 117]],
		['6.1.0-56-amd64', [6, 1, 0]],
		['7.2.13+deb14-amd64', [7, 2, 13]],
		['7.3-rc7', [7, 3, 0]],
		['7.3.0-rc7', [7, 3, 0]],
		['1.100.0-nightly', [1, 100, 0]],
		['v6.14.5-arch1', [6, 14, 5]],
		['6.14.5.arch1-1', [6, 14, 5]],
		[' 6.8\n', [6, 8, 0]]
	])('%s', (text, version) => {
		expect(parseVersion(text)).toEqual(version);
	});

	it.each(['', '6', 'linux 6.1', '.1.2', '6.x', 'six.one', '99999999999.1'])('%j is none', text => {
		expect(parseVersion(text)).toBeUndefined();
	});

	it('takes any text and gives whole numbers or nothing', () => {
		for (const text of damagedTexts('6.12.117-arch1-1-rust', 5000)) {
			const version = parseVersion(text);
			if (version) expect(version.every(Number.isSafeInteger), text).toBe(true);
		}
	});
});

describe('comparing', () => {
	it('is numeric', () => {
		expect(compareVersions([1, 100, 0], [1, 99, 9])).toBeGreaterThan(0);
		expect(compareVersions([6, 9, 0], [6, 10, 0])).toBeLessThan(0);
		expect(compareVersions([6, 12, 7], [6, 12, 7])).toBe(0);
	});

	it('knows a minimum with and without a patch number', () => {
		const version: Version = [6, 12, 19];
		expect(atLeast(version, '6.12')).toBe(true);
		expect(atLeast(version, '6.12.19')).toBe(true);
		expect(atLeast(version, '6.12.20')).toBe(false);
		expect(atLeast(version, '6.13')).toBe(false);
		expect(atLeast(version, 'soon')).toBe(false);
	});

	it('writes three numbers', () => {
		expect(formatVersion([7, 3, 0])).toBe('7.3.0');
	});
});
