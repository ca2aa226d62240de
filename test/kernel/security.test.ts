import {describe, expect, it} from 'vitest';
import {parseLockdown, parseSecureBoot, parseSigEnforce} from '../../src/kernel/security.ts';
import {damagedBytes, damagedTexts} from './mutations.ts';

describe('parseLockdown', () => {
	it.each([
		['[none] integrity confidentiality\n', 'none'],
		['none [integrity] confidentiality\n', 'integrity'],
		['none integrity [confidentiality]\n', 'confidentiality'],
		['none integrity confidentiality', undefined],
		['[maximum]', undefined],
		['', undefined]
	])('%j is %s', (text, mode) => {
		expect(parseLockdown(text)).toBe(mode);
	});
});

describe('parseSecureBoot', () => {
	it.each([
		[[6, 0, 0, 0, 1], true],
		[[6, 0, 0, 0, 0], false],
		[[6, 0, 0, 0, 2], undefined],
		[[6, 0, 0, 0], undefined],
		[[1], undefined],
		[[], undefined],
		[[6, 0, 0, 0, 1, 0], undefined]
	])('%j is %s', (bytes, on) => {
		expect(parseSecureBoot(Uint8Array.from(bytes))).toBe(on);
	});
});

describe('parseSigEnforce', () => {
	it.each([
		['Y\n', true],
		['N\n', false],
		['1', true],
		['0', false],
		['', undefined],
		['maybe', undefined]
	])('%j is %s', (text, enforced) => {
		expect(parseSigEnforce(text)).toBe(enforced);
	});
});

it('any damage gives one of the answers', () => {
	for (const text of damagedTexts('none [integrity] confidentiality\n', 1000))
		expect([undefined, 'none', 'integrity', 'confidentiality']).toContain(parseLockdown(text));
	for (const bytes of damagedBytes(Uint8Array.of(6, 0, 0, 0, 1), 1000))
		expect([undefined, true, false]).toContain(parseSecureBoot(bytes));
});
