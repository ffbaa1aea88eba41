<?php

declare(strict_types=1);

namespace Magento\Framework\Event;

interface ManagerInterface
{
    /**
     * @param array<string, mixed> $data
     */
    public function dispatch(string $eventName, array $data = []): void;
}
