<?php

declare(strict_types=1);

namespace Magento\Framework;

interface ObjectManagerInterface
{
    /**
     * The one shared object of this type.
     *
     * @template T of object
     * @param class-string<T> $type
     * @return T
     */
    public function get(string $type): object;

    /**
     * A new object of this type.
     *
     * @template T of object
     * @param class-string<T> $type
     * @param array<string, mixed> $arguments constructor argument's name => value, over what is configured
     * @return T
     */
    public function create(string $type, array $arguments = []): object;

    /**
     * Adds an area's wiring to the global one.
     */
    public function loadArea(string $area): void;
}
