<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * Answers the requests of one area. Each area's di.xml says which class does.
 */
interface FrontControllerInterface
{
    public function dispatch(Request $request): Response;
}
