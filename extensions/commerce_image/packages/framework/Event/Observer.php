<?php

declare(strict_types=1);

namespace Magento\Framework\Event;

/**
 * What an observer is told.
 */
class Observer
{
    /**
     * @param array<string, mixed> $data
     */
    public function __construct(
        public readonly string $eventName,
        private readonly array $data,
    ) {
    }

    public function getData(string $key): mixed
    {
        return $this->data[$key] ?? null;
    }
}
