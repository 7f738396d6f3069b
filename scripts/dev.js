import { handOver } from './bootstrap.js';

handOver('dev.ts');
