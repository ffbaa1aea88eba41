<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager;

/**
 * Which class stands for a type, and what its constructor is given.
 *
 * An argument is an array with one of these keys:
 * `_i_` the type of a shared object; `_v_` a plain value; `_vn_` null; `_vac_` an array of arguments.
 *
 * @phpstan-type Argument array{_i_?: class-string, _v_?: mixed, _vn_?: true, _vac_?: array<array-key, mixed>}
 */
interface ConfigInterface
{
    public function getPreference(string $type): string;

    /**
     * @return array<string, Argument>|null constructor argument's name => argument; null when nothing is known
     */
    public function getArguments(string $type): ?array;

    /**
     * @return list<class-string> the plugins of a class, first one first; empty when it has no interceptor
     */
    public function getPlugins(string $type): array;

    public function loadArea(string $area): void;
}
