import {describe, expect, test} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import {type AurAnswer, aurSentences, parseAurAnswer} from '../../src/packages/aur.ts';
import {askAur, aurQuestion} from '../../src/survey/aur.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {scratchFolder} from '../support/scratch.ts';
import {rpcAnswer, standInForAur} from './aur.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const seconds = (date: string): number => Date.parse(date) / 1000;
const said = (fields: Readonly<Record<string, unknown>>, known: object = {}): string =>
	aurSentences('linux-rust', parseAurAnswer(rpcAnswer(fields), 'linux-rust'), {now, ...known}).join(' ');

describe('each state has its own sentence', () => {
	test('in good hands', () => {
		expect(said({LastModified: seconds('2026-11-20T08:00:00Z')})).toBe(
			'7.2.13.arch1-1, updated 2026-11-20, 3 days ago.'
		);
	});

	test('frozen', () => {
		expect(said({Version: '6.14.5.arch1-1', LastModified: seconds('2025-05-04T00:00:00Z')})).toBe(
			'6.14.5.arch1-1, updated 2025-05-04, 568 days ago. It seems frozen: no update for more than half a year, and security fixes with it.'
		);
	});

	test('orphaned', () => {
		expect(said({Maintainer: null})).toContain('Orphaned: nobody maintains it, and anyone may adopt it.');
	});

	test('adopted since it was reviewed here', () => {
		expect(said({Maintainer: 'mallory'}, {knownMaintainer: 'ada'})).toContain(
			'Adopted by mallory since you reviewed it; it was ada’s then. Read the difference with care.'
		);
	});

	test('adopted at some time', () => {
		expect(said({Maintainer: 'bert', Submitter: 'ada'})).toContain('Maintained by bert, who adopted it from ada.');
	});

	test('flagged out of date', () => {
		expect(said({OutOfDate: seconds('2026-11-01T00:00:00Z')})).toContain('Flagged out of date since 2026-11-01.');
	});

	test('older than the running kernel', () => {
		expect(said({}, {running: '7.3.1-arch1-1', isOlder: () => true})).toContain(
			'Older than the kernel that runs, 7.3.1-arch1-1.'
		);
	});

	test.each([
		[{kind: 'absent'}, /^The AUR has no linux-rust any more.*recipe that comes with this program/],
		[{kind: 'offline', why: 'its name cannot be resolved'}, /seems to be offline \(its name .*--recipe FOLDER/],
		[
			{kind: 'unreachable', why: 'the connection was refused'},
			/could not be reached \(the connection was refused\).*Try again later/
		],
		[{kind: 'garbled', why: 'its answer is no JSON'}, /was not understood \(its answer is no JSON\)/]
	] satisfies [AurAnswer, RegExp][])('%j', (answer, sentence) => {
		expect(aurSentences('linux-rust', answer, {now}).join(' ')).toMatch(sentence);
	});
});

test.each([
	['no JSON', '<html>'],
	['no object', '[]'],
	['an error', '{"type":"error","error":"Incorrect request type"}'],
	['no results', '{"type":"multiinfo"}'],
	['a version that a terminal would obey', rpcAnswer({Version: '1\u001b[31m'})],
	['no date', rpcAnswer({LastModified: 'yesterday'})]
])('%s is not understood, and never shown', (_name, text) => {
	expect(parseAurAnswer(text, 'linux-rust').kind).toBe('garbled');
});

test('a maintainer whose name is none of the AUR’s is nobody', () => {
	const answer = parseAurAnswer(rpcAnswer({Maintainer: 'a\u202eb'}), 'linux-rust');
	expect(answer.kind === 'listed' && answer.package.maintainer).toBeUndefined();
});

test('another package of the answer is not taken for the one asked about', () => {
	expect(parseAurAnswer(rpcAnswer({Name: 'linux-rust-git'}), 'linux-rust')).toEqual({kind: 'absent'});
});

describe.runIf(foundProgram('curl') !== undefined)('asked with the real curl, of a stand-in for the AUR', () => {
	const reader = createLocalReader({environment: {PATH: '/usr/bin:/bin', HOME: '/nonexistent'}});

	test('it answers', async () => {
		const {address, asked} = await standInForAur(scratchFolder(), () => rpcAnswer());
		expect(await askAur(reader, aurQuestion(address, 'linux-rust'), 'linux-rust')).toMatchObject({
			kind: 'listed',
			package: {version: '7.2.13.arch1-1', maintainer: 'ada'}
		});
		expect(asked).toEqual(['/rpc/v5/info?arg%5B%5D=linux-rust']);
	});

	test('it knows no such package', async () => {
		const {address} = await standInForAur(
			scratchFolder(),
			() => '{"resultcount":0,"results":[],"type":"multiinfo","version":5}'
		);
		expect(await askAur(reader, aurQuestion(address, 'linux-rust'), 'linux-rust')).toEqual({kind: 'absent'});
	});

	test('it is silent: given up after four seconds', async () => {
		const {address} = await standInForAur(scratchFolder(), () => undefined);
		expect(await askAur(reader, aurQuestion(address, 'linux-rust'), 'linux-rust')).toEqual({
			kind: 'unreachable',
			why: 'no answer within 4 s'
		});
	}, 20_000);

	test.each([
		['nobody listens', 'http://127.0.0.1:9', 'unreachable'],
		['no name is resolved', 'http://aur.invalid', 'offline']
	])(
		'%s',
		async (_name, address, kind) => {
			expect(await askAur(reader, aurQuestion(address, 'linux-rust'), 'linux-rust')).toMatchObject({kind});
		},
		20_000
	);
});
