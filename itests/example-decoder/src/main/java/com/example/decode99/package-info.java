// SPDX-License-Identifier: Apache-2.0
/** Decodes version 99, an export format of one vendor. */
package com.example.decode99;
