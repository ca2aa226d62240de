// Writes docs/failures.md from assets/failures: one section per known failure, with what `explain` says about its sample.
// `node scripts/failures-docs.js --check` writes nothing and ends with 1 if the page is not up to date.
import {readFileSync, writeFileSync} from 'node:fs';
import {catalogue} from '../src/failures/catalogue.ts';
import {failurePage} from '../src/failures/page.ts';

const page = new URL('../docs/failures.md', import.meta.url);

const stages = {
	pkg: 'Packages: makepkg, pacman, git, sudo',
	toolchain: 'The toolchain: rustup and make rustavailable',
	metadata: 'Rebuilding metadata',
	build: 'Building',
	dmesg: 'The kernel log',
	load: 'Loading',
	unload: 'Unloading',
	boot: 'Booting',
	dkms: 'dkms',
	practice: 'Practice mode: debootstrap and apt',
	any: 'Anywhere'
};
const severities = {error: 'Error', warning: 'Warning', note: 'Harmless'};

const prose = text => text.replaceAll('<', '\\<').replaceAll('*', '\\*');
const code = command => (command.includes('`') ? `\`\` ${command} \`\`` : `\`${command}\``);

function section({id}) {
	const {sample, severity, cause, remedies: cures, source} = failurePage(id);
	const remedies = cures.map(
		({label, command}) => `- ${prose(label)}${command === undefined ? '' : `: ${code(command)}`}`
	);
	return [
		`<a id="${id}"></a>`,
		'',
		`### ${id}`,
		'',
		'```text',
		sample,
		'```',
		'',
		`${severities[severity]}: ${prose(cause)}`,
		'',
		...(remedies.length > 0 ? [...remedies, ''] : []),
		`Known from: ${prose(source)}.`,
		''
	];
}

const text = [
	'# Known failures',
	'',
	'What `linux-rust-setup explain` knows, written by `scripts/failures-docs.js` from `assets/failures`.',
	'Each section shows a line as a log has it, what happened and why, and what to do.',
	'',
	...Object.entries(stages).flatMap(([stage, title]) => [
		`## ${title}`,
		'',
		...catalogue.filter(row => row.stage === stage).flatMap(section)
	])
]
	.join('\n')
	.trimEnd();

if (process.argv.includes('--check')) {
	if (readFileSync(page, 'utf8') !== `${text}\n`) {
		console.error('docs/failures.md is not up to date. Run: node scripts/failures-docs.js');
		process.exitCode = 1;
	}
} else {
	writeFileSync(page, `${text}\n`);
}
