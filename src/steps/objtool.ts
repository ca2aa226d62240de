import {join} from 'node:path';
import {isOn} from '../kernel/config.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';

/** Debian's is a program that starts the one of its architecture, which this variable names. What is well is known from then on. */
const start = `said=$(SRCARCH=x86 "$1" --help 2>&1 | grep 'error while loading shared libraries') || exit 0
echo "$said"; exit 1`;

/** The library without which the objtool of the headers does not start: headers bring the program, their package need not bring that. */
export async function libraryOfObjtool(view: View, kernel: Kernel): Promise<string | undefined> {
	if (kernel.config.status !== 'found' || !isOn(kernel.config.value.value, 'CONFIG_OBJTOOL')) return undefined;
	const objtool = join(kernel.kdir, 'tools/objtool/objtool');
	if ((await view.builder.stat(objtool)).status !== 'found') return undefined;
	const answer = await view.builder.probe(['/bin/sh', '-c', start, 'sh', objtool], {lasting: true, of: [objtool]});
	if (answer.status !== 'found' || answer.value.code === 0) return undefined;
	return /libraries: ([\w.+-]+):/.exec(answer.value.stdout)?.[1];
}
