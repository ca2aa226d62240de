// node toolchain-verdict.js KDIR RUSTC ANSWERS: the status of step `toolchain`, and the milliseconds until it was known.
import {withKnownAnswers} from '../../src/machine/answers.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {createView} from '../../src/survey/view.ts';

const [kdir, rustc, answers] = process.argv.slice(2);
const started = performance.now();
const reader = withKnownAnswers(createLocalReader(), answers);
const view = createView({builder: reader, target: reader, named: {kdir, rustc}, memory: emptyMemory});
const {status} = await toolchainStep.inspect(view);
console.log(`${status} ${performance.now() - started}`);
