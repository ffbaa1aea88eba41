<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * A page, or the target of a form.
 */
interface ActionInterface
{
    public function execute(Request $request): Response;
}
