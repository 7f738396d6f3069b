import { handOver } from './bootstrap.js';

handOver('test.ts');
