import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {reviewRecipe} from '../../src/review/review.ts';
import {filesIn, idsOf, root} from './recipes.ts';

const fixtures = join(root, 'test/fixtures/review');

/** What must be seen in each recipe that attacks, after the published descriptions of what was done to the AUR and elsewhere. */
const attacks: Readonly<Record<string, readonly string[]>> = {
	'awk-system': ['code.awk'],
	'base64-here-string': ['decode.base64', 'run.output'],
	'base64-shell': ['decode.base64', 'run.piped'],
	bashrc: ['write.startup'],
	blob: ['decode.blob'],
	'bun-array': ['packages.javascript', 'spell.variables'],
	'bun-split': ['packages.javascript', 'packages.known-attack', 'spell.quotes'],
	'bun-variables': ['packages.javascript', 'packages.known-attack', 'spell.variables'],
	crontab: ['stay.schedule'],
	'curl-after-rename': ['network.fetch'],
	'curl-ansi': ['network.fetch', 'spell.escapes'],
	'curl-at-top': ['network.fetch'],
	'curl-braces': ['network.fetch', 'spell.pattern'],
	'curl-by-xargs': ['network.fetch'],
	'curl-continued': ['network.fetch'],
	'curl-escaped': ['network.fetch', 'spell.escapes'],
	'curl-glob': ['spell.pattern'],
	'curl-in-default': ['network.fetch'],
	'curl-on-exit': ['network.fetch'],
	'curl-pipe-shell': ['network.fetch', 'run.piped'],
	'curl-substring': ['network.fetch', 'spell.variables'],
	deep: ['network.fetch', 'spell.deep', 'spell.output'],
	'dev-tcp': ['network.device'],
	direction: ['hidden.direction'],
	'disguised-program': ['file.binary'],
	'download-agent': ['settings.download'],
	'git-clone': ['network.clone'],
	'go-install': ['packages.go'],
	'helper-script': ['network.fetch'],
	'here-document': ['network.fetch', 'run.piped'],
	'hex-eval': ['decode.hex', 'run.output'],
	'host-disguised': ['host.disguised'],
	'host-lookalike': ['host.lookalike'],
	'lookalike-command': ['spell.lookalike'],
	netcat: ['network.connection'],
	'npm-in-install': ['packages.javascript', 'packages.known-attack'],
	'npx-empty-quotes': ['packages.javascript', 'packages.known-attack', 'spell.quotes'],
	'openssl-decrypt': ['decode.openssl'],
	'out-of-pkgdir': ['write.outside'],
	outside: ['write.outside'],
	'pacman-hook': ['network.fetch', 'run.piped'],
	'paste-site': ['host.passing'],
	'patched-makefile': ['network.fetch', 'run.piped'],
	'perl-system': ['code.inline'],
	pip: ['packages.python'],
	preload: ['settings.environment'],
	'printf-hex': ['decode.printf', 'run.piped'],
	'pushed-away': ['line.pushed'],
	'python-exec': ['code.python'],
	reversed: ['run.output'],
	'service-enabled': ['stay.service'],
	setuid: ['root.install-mode'],
	'shell-dash-c': ['network.fetch', 'spell.quotes'],
	'skipped-among-many': ['sums.skip'],
	'skipped-sum': ['sums.skip'],
	'source-substitution': ['run.output'],
	'ssh-keys': ['secrets.read'],
	sudo: ['root.become', 'write.outside'],
	'terminal-escape': ['hidden.control'],
	'user-unit': ['write.startup'],
	'zero-width': ['hidden.invisible', 'spell.lookalike']
};

describe('a recipe that attacks', () => {
	test.each(Object.entries(attacks))('%s', (name, expected) => {
		const red = reviewRecipe(filesIn(join(fixtures, 'attacks', name))).filter(flag => flag.severity === 'red');
		expect(idsOf(red)).toEqual(expected);
	});

	test('each has its expectation', () => {
		expect(readdirSync(join(fixtures, 'attacks')).sort()).toEqual(Object.keys(attacks).sort());
	});
});

describe('an honest recipe', () => {
	test.each([
		[
			'linux-rust as it was in 2022',
			'test/fixtures/review/honest/linux-rust-2022',
			['packages.cargo', 'packages.rustup']
		],
		['linux-rust as it was in 2025', 'test/fixtures/review/honest/linux-rust-2025', ['packages.rustup']],
		['one that mentions what others do', 'test/fixtures/review/honest/with-install', []],
		['our own', 'assets/linux-rust', []],
		['the lab’s', 'test/lab/recipe', []]
	])('%s', (_, folder, amber) => {
		const flags = reviewRecipe(filesIn(join(root, folder)));
		expect(flags.filter(flag => flag.severity === 'red')).toEqual([]);
		expect(idsOf(flags)).toEqual(amber);
	});
});
